/** A value between buttons that make it less and more; a press on the value puts it back. */
import { Icon } from '../../ui/icon.tsx'

type Step = { label: string; short?: string; onPress: () => void }
type StepperProps = { title: string; value: string; less: readonly Step[]; more: readonly Step[]; onReset: () => void }

export function Stepper({ title, value, less, more, onReset }: StepperProps) {
  return (
    <fieldset className="flex min-h-12 min-w-0 items-center gap-1">
      <legend className="sr-only">{title}</legend>
      <span aria-hidden className="min-w-0 flex-1 text-sm">
        {title}
      </span>
      {less.map((step) => (
        <StepButton key={step.label} step={step} icon="minus" />
      ))}
      <button
        type="button"
        onClick={onReset}
        title="Put back"
        className="min-h-11 min-w-16 rounded-lg px-1 text-center text-sm font-semibold tabular-nums hover:bg-ink/8"
      >
        <span aria-live="polite">{value}</span>
        <span className="sr-only">, put back</span>
      </button>
      {more.map((step) => (
        <StepButton key={step.label} step={step} icon="plus" />
      ))}
    </fieldset>
  )
}

function StepButton({ step: { label, short, onPress }, icon }: { step: Step; icon: 'plus' | 'minus' }) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onPress}
      className="grid size-11 place-items-center rounded-full border border-edge text-sm font-semibold tabular-nums hover:bg-ink/8"
    >
      {short ?? <Icon name={icon} className="size-4.5" />}
    </button>
  )
}
