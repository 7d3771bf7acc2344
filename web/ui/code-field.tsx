/** A field for six digits from a code app: big, numeric on phones, filled in by the keyboard where it can. */
import { TextField } from './text-field.tsx'

type CodeFieldProps = { value: string; onValue: (value: string) => void; label?: string; error?: string | undefined }

export function CodeField({ value, onValue, label = 'Code from your app', error }: CodeFieldProps) {
  return (
    <TextField
      label={label}
      value={value}
      onValue={(typed) => onValue(typed.replaceAll(/\D/g, '').slice(0, 6))}
      inputMode="numeric"
      autoComplete="one-time-code"
      placeholder="000000"
      data-first-focus
      required
      pattern="[0-9]{6}"
      title="Six digits"
      error={error}
      className="text-center font-mono text-2xl! tracking-[0.3em] tabular-nums"
    />
  )
}
