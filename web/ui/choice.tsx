/** A labelled choice of a few, on the native element: phones show their own picker. */
import { useId } from 'react'

type ChoiceProps<Value extends string> = {
  label: string
  value: Value
  options: readonly (readonly [Value, string])[]
  onValue: (value: Value) => void
  isLabelHidden?: boolean
}

export function Choice<Value extends string>({
  label,
  value,
  options,
  onValue,
  isLabelHidden = false,
}: ChoiceProps<Value>) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'text-sm font-medium'}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const chosen = options.find(([option]) => option === event.target.value)
          if (chosen) onValue(chosen[0])
        }}
        className="min-h-12 w-full rounded-card border border-edge bg-raised px-3 text-base"
      >
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}
