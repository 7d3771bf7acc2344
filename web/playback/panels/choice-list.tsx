/** A list to choose one thing from: radio buttons underneath, so keys and screen readers know what to do. */
import { type ReactNode, useId } from 'react'
import { Icon } from '../../ui/icon.tsx'

export type Choice<Value> = { value: Value; label: string; note?: string | undefined }
type ChoiceListProps<Value> = {
  title: string
  choices: readonly Choice<Value>[]
  chosen: Value
  onChoose: (value: Value) => void
  isBusy?: boolean
  children?: ReactNode
}

export function ChoiceList<Value extends string | number | undefined>(props: ChoiceListProps<Value>) {
  const { title, choices, chosen, onChoose, isBusy = false, children } = props
  const name = useId()
  return (
    <fieldset disabled={isBusy} className="min-w-0 pt-3 disabled:opacity-60">
      <legend className="float-start w-full pb-1 text-sm text-quiet">{title}</legend>
      <div className="clear-both">
        {choices.map(({ value, label, note }) => (
          <label
            key={String(value)}
            className="-mx-2 flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-2 py-1.5 text-sm hover:bg-ink/8 has-focus-visible:outline-2 has-focus-visible:outline-lamp"
          >
            <input
              type="radio"
              name={name}
              checked={value === chosen}
              onChange={() => onChoose(value)}
              className="peer sr-only"
            />
            <span aria-hidden className="grid size-5 place-items-center">
              {value === chosen && <Icon name="check" className="size-5 text-lamp" />}
            </span>
            <span className="min-w-0 flex-1 break-words peer-checked:font-semibold">{label}</span>
            {note && <span className="text-xs text-quiet">{note}</span>}
          </label>
        ))}
        {children}
      </div>
    </fieldset>
  )
}
