/** Whether the controls are shown: always while something wants attention, else for a while after a move. */
import { useCallback, useEffect, useRef, useState } from 'react'

const HIDE_AFTER_MS = 3000

export type Chrome = { isShown: boolean; wake: () => void; toggle: () => void }

/** `isPinned` keeps them up: paused, waiting, a panel open. */
export function useChrome(root: HTMLElement, isPinned: boolean): Chrome {
  const [isAwake, setIsAwake] = useState(true)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const wake = useCallback(() => {
    setIsAwake(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setIsAwake(false), HIDE_AFTER_MS)
  }, [])
  const toggle = useCallback(() => {
    clearTimeout(timer.current)
    setIsAwake((was) => {
      if (!was) timer.current = setTimeout(() => setIsAwake(false), HIDE_AFTER_MS)
      return !was
    })
  }, [])
  useEffect(() => {
    if (!isPinned) wake()
    return () => clearTimeout(timer.current)
  }, [isPinned, wake])
  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    // A finger decides by its tap (video-surface); a mouse and the focus wake by moving.
    const mouse = (event: PointerEvent) => event.pointerType === 'mouse' && wake()
    root.addEventListener('pointermove', mouse, { signal })
    root.addEventListener('pointerdown', mouse, { signal })
    root.addEventListener('focusin', wake, { signal })
    return () => leaving.abort()
  }, [root, wake])
  return { isShown: isPinned || isAwake, wake, toggle }
}
