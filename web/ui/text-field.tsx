/** A labelled line of input with a hint and an error that screen readers hear. */
import { type InputHTMLAttributes, type ReactNode, useId, useState } from 'react'

type FieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> & {
  label: string
  value: string
  onValue: (value: string) => void
  hint?: ReactNode
  error?: string | undefined
  'data-first-focus'?: boolean
}

export function TextField({ label, value, onValue, hint, error, type = 'text', className = '', ...rest }: FieldProps) {
  const id = useId()
  const [isShown, setIsShown] = useState(false)
  const isPassword = type === 'password'
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          {...rest}
          id={id}
          type={isPassword && isShown ? 'text' : type}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-hint`}
          className={`min-h-12 w-full rounded-card border bg-raised px-4 text-base placeholder:text-quiet/70 ${error === undefined ? 'border-edge' : 'border-ember'} ${isPassword ? 'pe-16' : ''} ${className}`}
        />
        {isPassword && (
          <button
            type="button"
            onClick={() => setIsShown(!isShown)}
            aria-pressed={isShown}
            aria-label={isShown ? 'Hide the password' : 'Show the password'}
            className="absolute inset-y-0 end-0 rounded-card px-4 text-sm font-medium text-quiet hover:text-ink"
          >
            {isShown ? 'Hide' : 'Show'}
          </button>
        )}
      </div>
      <div id={`${id}-hint`} aria-live="polite" className="text-sm text-quiet empty:hidden">
        {error === undefined ? hint : <span className="text-ember">{error}</span>}
      </div>
    </div>
  )
}
