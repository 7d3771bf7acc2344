/** The middle of the picture, for what a veil has to say; presses go through it to the picture. */
import type { ReactNode } from 'react'

export function Centre({ children, isDark = false }: { children: ReactNode; isDark?: boolean }) {
  return (
    <div
      className={`pointer-events-none absolute inset-0 grid place-items-center px-6 pb-4 text-center ${isDark ? 'bg-black/70' : ''}`}
    >
      {children}
    </div>
  )
}
