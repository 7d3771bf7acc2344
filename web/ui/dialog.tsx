/** A modal dialog on the native element: focus stays inside, Escape and a press outside close it. */
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Icon } from './icon.tsx'

type DialogProps = { title: string; onClose: () => void; children: ReactNode }

/** Mounted while it is open. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  // In a ref, so that a caller who makes a new function each time does not move the focus each time.
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    // It is taken away, not closed, so the browser would not give the focus back.
    const before = document.activeElement
    if (!dialog.open) dialog.showModal()
    // The browser would focus the first button, which is the one that closes.
    const first = dialog.querySelector<HTMLElement>('[data-first-focus]') ?? dialog
    first.focus()
    const closeOutside = (event: MouseEvent) => event.target === dialog && close.current()
    dialog.addEventListener('click', closeOutside)
    return () => {
      dialog.removeEventListener('click', closeOutside)
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      tabIndex={-1}
      onCancel={onClose}
      className="m-auto outline-none w-[min(32rem,calc(100vw-2rem))] animate-arrive rounded-[16px] border border-line bg-raised text-ink shadow-card backdrop:bg-black/65 backdrop:backdrop-blur-[2px]"
    >
      <div className="flex max-h-[calc(100dvh-4rem)] flex-col">
        <header className="flex items-center justify-between gap-4 px-5 pt-4">
          <h2 id={id} className="text-lg font-semibold">
            {title}
          </h2>
          <button
            type="button"
            onClick={onClose}
            aria-label="Close"
            className="-me-2 grid size-11 place-items-center rounded-full text-quiet hover:bg-ink/8 hover:text-ink"
          >
            <Icon name="close" className="size-5" />
          </button>
        </header>
        <div className="overflow-y-auto px-5 pt-2 pb-5">{children}</div>
      </div>
    </dialog>
  )
}
