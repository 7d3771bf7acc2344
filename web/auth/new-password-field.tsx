/** The field for a new password: what it still needs, and how soon a guesser would find it. */
import { useEffect, useState } from 'react'
import { TextField } from '../ui/text-field.tsx'
import { advisePassword, type PasswordAdvice, withStrength } from './password-advice.ts'

type Strength = typeof import('./password-strength.ts')

/** Advice on a password as it is typed; the guesser is fetched with the first character. */
export function usePasswordAdvice(password: string, about: readonly string[], least?: number): PasswordAdvice {
  const [guesser, setGuesser] = useState<Strength>()
  const isTyping = password !== ''
  useEffect(() => {
    // Without it the length still counts, and the edge has the last word.
    if (isTyping) import('./password-strength.ts').then(setGuesser, () => undefined)
  }, [isTyping])
  const advice = advisePassword(password, about, least)
  return guesser && advice.isEnough ? withStrength(advice, guesser.strengthOf(password, about)) : advice
}

type NewPasswordFieldProps = {
  label?: string
  value: string
  onValue: (value: string) => void
  advice: PasswordAdvice
  /** True once the form was sent: what is missing is then an error. */
  hasTried: boolean
}

export function NewPasswordField({ label = 'Password', value, onValue, advice, hasTried }: NewPasswordFieldProps) {
  return (
    <TextField
      label={label}
      type="password"
      autoComplete="new-password"
      required
      value={value}
      onValue={onValue}
      error={hasTried && !advice.isEnough ? advice.advice : undefined}
      hint={<PasswordMeter advice={advice} />}
    />
  )
}

const barColour = { 0: 'bg-line', 1: 'bg-ember', 2: 'bg-lamp', 3: 'bg-leaf' } as const

function PasswordMeter({ advice }: { advice: PasswordAdvice }) {
  return (
    <span className="flex flex-col gap-2">
      <span aria-hidden className="mt-1 flex gap-1">
        {[1, 2, 3].map((step) => (
          <span
            key={step}
            className={`h-1 flex-1 rounded-full transition-colors ${step <= advice.level ? barColour[advice.level] : 'bg-line'}`}
          />
        ))}
      </span>
      {advice.advice}
    </span>
  )
}
