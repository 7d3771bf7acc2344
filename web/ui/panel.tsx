/** The parts that pages of settings are made of: a titled panel, a list of rows in it, and a question before something is gone. */
import { type ReactNode, useId } from 'react'
import type { Words } from '../error-words.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorNote } from './error-view.tsx'
import { Skeleton } from './skeleton.tsx'

type PanelProps = { title: string; lead?: ReactNode; action?: ReactNode; children?: ReactNode }

export function Panel({ title, lead, action, children }: PanelProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="rounded-[16px] border border-line bg-raised/60 p-5 shadow-card sm:p-6">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-56">
          <h2 id={id} className="text-lg font-semibold">
            {title}
          </h2>
          {lead !== undefined && <p className="mt-1 max-w-prose text-sm text-quiet">{lead}</p>}
        </div>
        {action}
      </div>
      {children !== undefined && <div className="mt-4 flex flex-col gap-4 empty:hidden">{children}</div>}
    </section>
  )
}

export function RowList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="flex flex-col divide-y divide-line">
      {children}
    </ul>
  )
}

/** One thing of a list: what it is, a quiet line about it, and what can be done with it. */
export function Row({
  title,
  note,
  mark,
  children,
  below,
}: {
  title: ReactNode
  note?: ReactNode
  mark?: ReactNode
  children?: ReactNode
  /** As wide as the whole row, under it. */
  below?: ReactNode
}) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      {mark}
      <div className="min-w-0 flex-1 basis-44">
        <p className="font-medium break-words">{title}</p>
        {note !== undefined && <p className="text-sm text-quiet">{note}</p>}
      </div>
      <div className="flex flex-wrap items-center gap-2">{children}</div>
      {below && <div className="basis-full">{below}</div>}
    </li>
  )
}

/** A word in a frame, such as “This device”. */
export function Tag({ children, tone = 'quiet' }: { children: ReactNode; tone?: 'quiet' | 'leaf' | 'lamp' | 'ember' }) {
  const tones = {
    quiet: 'border-edge text-quiet',
    leaf: 'border-leaf/60 text-leaf',
    lamp: 'border-lamp/60 text-lamp',
    ember: 'border-ember/60 text-ember',
  }
  return (
    <span
      className={`inline-block rounded-full border px-2 py-0.5 align-middle text-xs font-semibold whitespace-nowrap ${tones[tone]}`}
    >
      {children}
    </span>
  )
}

/** What stands where rows are on their way. */
export function LoadingRows({ label, rows = 2 }: { label: string; rows?: number }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3">
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <Skeleton key={row} className="h-12" />
      ))}
    </div>
  )
}

/** A failure in place of rows, with the way to ask again. */
export function RowsFailed({ words, onRetry, isRetrying }: { words: Words; onRetry: () => void; isRetrying: boolean }) {
  return (
    <div className="flex flex-col items-start gap-3">
      <ErrorNote words={words} />
      <Button look="quiet" onClick={onRetry} isBusy={isRetrying}>
        Try again
      </Button>
    </div>
  )
}

type AskFirstProps = {
  title: string
  text: ReactNode
  yes: string
  no?: string
  look?: 'danger' | 'primary'
  isBusy: boolean
  words?: Words | undefined
  onYes: () => void
  onClose: () => void
  children?: ReactNode
}

/** Says what will happen, and does it only when asked to. */
export function AskFirst({
  title,
  text,
  yes,
  no = 'Keep it',
  look = 'danger',
  isBusy,
  words,
  onYes,
  onClose,
  children,
}: AskFirstProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p className="text-quiet">{text}</p>
        {children}
        {words && <ErrorNote words={words} />}
        <div className="flex flex-wrap justify-end gap-3 pt-1">
          <Button look="quiet" onClick={onClose}>
            {no}
          </Button>
          <Button look={look} isBusy={isBusy} onClick={onYes}>
            {yes}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
