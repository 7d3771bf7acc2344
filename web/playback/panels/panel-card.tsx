/** A card beside the picture for the player's panels; the film goes on behind it. */
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Icon } from '../../ui/icon.tsx'

export function PanelCard({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const id = useId()
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    // Keys and screen readers go on inside the panel, and where they were when it closes.
    const before = document.activeElement
    card.current?.focus({ preventScroll: true })
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  return (
    <section
      ref={card}
      data-panel
      tabIndex={-1}
      aria-labelledby={id}
      className="absolute inset-x-3 top-[max(4rem,calc(env(safe-area-inset-top)+3.5rem))] max-h-[calc(100%-11rem)] animate-arrive overflow-y-auto overscroll-contain rounded-[16px] outline-none border border-line bg-raised/95 p-4 shadow-card backdrop-blur-md select-text sm:start-auto sm:end-5 sm:w-96"
    >
      <header className="mb-2 flex items-center justify-between">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        <button
          type="button"
          aria-label="Close"
          onClick={onClose}
          className="-m-2 grid size-11 place-items-center rounded-full text-quiet hover:bg-ink/8 hover:text-ink"
        >
          <Icon name="close" className="size-5" />
        </button>
      </header>
      {children}
    </section>
  )
}
