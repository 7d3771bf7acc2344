/** The arrows of a remote control go from button to button where nothing is left to seek in. */
import type { KeyboardEvent } from 'react'

const steps: Readonly<Record<string, 1 | -1>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }

/** A handler for the box around the buttons and links. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key]
  if (step === undefined) return
  const stops: (HTMLElement | null)[] = [...event.currentTarget.querySelectorAll<HTMLElement>('a, button')]
  const at = stops.indexOf(document.activeElement as HTMLElement | null)
  stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus()
  // The player's own arrows would seek, and leave the end.
  event.preventDefault()
  event.stopPropagation()
}
