/** Buttons, and links that look like them: one primary thing on a screen, the rest steps back. */
import type { ButtonHTMLAttributes, ReactNode } from 'react'

type Look = 'primary' | 'quiet' | 'plain' | 'danger'

const looks: Record<Look, string> = {
  primary: 'bg-lamp text-on-lamp hover:brightness-110 shadow-[0_6px_24px_-8px_var(--color-lamp)]',
  quiet: 'bg-raised text-ink border border-line hover:border-edge',
  plain: 'text-ink hover:bg-ink/8',
  danger: 'bg-ember text-on-ember hover:brightness-110',
}

/** Classes of a button, for links that look like one. */
export const buttonClass = (look: Look = 'primary', more = ''): string =>
  `inline-flex min-h-11 items-center justify-center gap-2 rounded-card px-5 py-2 font-semibold transition duration-150 active:scale-[0.98] disabled:opacity-55 disabled:active:scale-100 ${looks[look]} ${more}`

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look; isBusy?: boolean; children: ReactNode }

/** `isBusy` keeps the words and adds a turning ring; the button cannot be pressed meanwhile. */
export function Button({ look = 'primary', isBusy = false, className = '', disabled, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
      className={buttonClass(look, className)}
    >
      {isBusy && <Ring className="size-4" />}
      {children}
    </button>
  )
}

/** A turning ring: something is under way. */
export function Ring({ className = 'size-6' }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={`${className} animate-turn`}>
      <circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" strokeWidth="3" opacity="0.25" />
      <path d="M12 2.5a9.5 9.5 0 0 1 9.5 9.5" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
    </svg>
  )
}
