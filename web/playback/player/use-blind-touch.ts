/** Keeps a finger from pressing what it cannot see. */
import { type MouseEvent, type PointerEvent, useRef } from 'react'
import type { Chrome } from './use-chrome.ts'

/** Handlers for the box around the controls: the first touch on hidden ones only shows them. */
export function useBlindTouch(chrome: Chrome) {
  const isBlind = useRef(false)
  return {
    onPointerDownCapture: (event: PointerEvent) => {
      isBlind.current = event.pointerType === 'touch' && !chrome.isShown
      if (!isBlind.current) return
      event.stopPropagation()
      chrome.wake()
    },
    onClickCapture: (event: MouseEvent) => {
      if (!isBlind.current) return
      isBlind.current = false
      event.stopPropagation()
      event.preventDefault()
    },
  }
}
