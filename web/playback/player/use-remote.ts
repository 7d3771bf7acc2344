/** A remote control has arrows and OK alone: OK gives the controls the focus, and the arrows go through them. */
import { useCallback, useEffect, useRef } from 'react'
import { type RemoteFocus, remoteStep } from './remote-step.ts'

/** To be called at an OK that meets nothing. Once the controls are hidden, or a pointer moves, the arrows seek again. */
export function useRemote(root: HTMLElement, isShown: boolean): () => void {
  const isHeld = useRef(false)
  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    const putDown = () => {
      isHeld.current = false
    }
    root.addEventListener('pointermove', putDown, { signal })
    root.addEventListener('keydown', (event) => isHeld.current && goOn(root, event), { signal })
    return () => leaving.abort()
  }, [root])
  useEffect(() => {
    if (isShown || !isHeld.current) return
    isHeld.current = false
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  }, [isShown])
  return useCallback(() => {
    isHeld.current = true
    root.querySelector<HTMLElement>('[data-first-stop]')?.focus()
  }, [root])
}

const stopsOf = 'a[href], button:enabled, input:enabled, select:enabled, [role=slider]'

/** An open panel is gone through alone. */
function goOn(root: HTMLElement, event: KeyboardEvent): void {
  const { target } = event
  if (!(target instanceof HTMLElement)) return
  const step = remoteStep(event.key, focusOf(target))
  if (step === undefined) return
  // The player's own arrows would seek.
  event.preventDefault()
  event.stopPropagation()
  if (step === 'press') {
    target.click()
    return
  }
  const within = root.querySelector('[data-panel]') ?? root
  const stops = [...within.querySelectorAll<HTMLElement>(stopsOf)].filter((stop) => stop.checkVisibility())
  stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(target) + step))]?.focus()
}

function focusOf(target: HTMLElement): RemoteFocus {
  if (target instanceof HTMLInputElement) {
    if (target.type === 'range') return 'bar'
    return target.type === 'radio' || target.type === 'checkbox' ? 'choice' : 'field'
  }
  return target.role === 'slider' ? 'bar' : 'other'
}
