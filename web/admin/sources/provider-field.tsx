/** One setting of a content provider: a line to type in, or the word that it is set, with the way to take it back. */
import type { ProviderField } from '../../sources-api.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'

type ProviderFieldProps = {
  field: ProviderField
  /** Undefined: as it was. Null: taken back. */
  typed: string | null | undefined
  problem: string | undefined
  onTyped: (value: string | null) => void
}

export function ProviderFieldInput({ field, typed, problem, onTyped }: ProviderFieldProps) {
  const { title, description, isRequired, isSecret, isFixed, isSet, value = '', format } = field
  const isKept = isSecret && isSet && typed === undefined
  const error = problem === undefined ? undefined : `${title} ${problem}.`
  return (
    <div className="flex items-end gap-3">
      <div className="min-w-0 flex-1">
        <TextField
          label={isRequired ? title : `${title} (optional)`}
          type={isSecret ? 'password' : format === 'uri' ? 'url' : 'text'}
          inputMode={format === 'uri' ? 'url' : 'text'}
          autoComplete="off"
          spellCheck={false}
          disabled={isFixed}
          placeholder={isKept ? 'Set. Type to replace it.' : undefined}
          value={typed ?? (isSecret || typed === null ? '' : value)}
          onValue={onTyped}
          hint={isFixed ? `${description} Set on the box itself, which wins.` : description}
          error={error}
        />
      </div>
      {isKept && !isFixed && (
        <Button look="plain" aria-label={`Take ${title} back`} onClick={() => onTyped(null)}>
          Remove
        </Button>
      )}
    </div>
  )
}
