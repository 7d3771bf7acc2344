/** The buttons of a veil: the first has the focus, for nothing is left to pause, and arrows go from one to the next. */
import { type ReactNode, useEffect, useRef } from 'react'
import { moveFocus } from '../next/move-focus.ts'

export function WaysOn({ children }: { children: ReactNode }) {
  const box = useRef<HTMLFieldSetElement>(null)
  useEffect(() => box.current?.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true }), [])
  return (
    <fieldset ref={box} onKeyDown={moveFocus} className="mt-3 flex flex-wrap justify-center gap-3">
      {children}
    </fieldset>
  )
}
