/** The form of one content provider, drawn from what the box says of its settings; secrets are never shown again. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { wordsHere } from '../../error-words.ts'
import { confirmLawfulUse, lawfulUseQuery, type Provider, providersOfQuery, setProvider } from '../../sources-api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/error-view.tsx'
import { ProviderFieldInput } from './provider-field.tsx'
import { paceWords } from './provider-words.ts'

const here = {
  forbidden: { title: 'The box did not take this.', text: 'It is set on the box itself. Change it there.' },
}

type ProviderDialogProps = { agentId: string; provider: Provider; onClose: () => void }

export function ProviderDialog({ agentId, provider, onClose }: ProviderDialogProps) {
  const { id, label, about, fields, hosts, isSwitchFixed, asksForLawfulUse } = provider
  const queryClient = useQueryClient()
  const { data: confirmedAt = null } = useQuery(lawfulUseQuery)
  const [isOn, setIsOn] = useState(provider.isOn)
  const [isLawful, setIsLawful] = useState(false)
  /** Only what was typed; null takes back. */
  const [typed, setTyped] = useState<Record<string, string | null>>({})
  const needsWord = isOn && asksForLawfulUse && confirmedAt === null
  const save = useMutation({
    mutationFn: async () => {
      if (needsWord) {
        await confirmLawfulUse()
        await queryClient.invalidateQueries({ queryKey: lawfulUseQuery.queryKey })
      }
      return setProvider(agentId, id, { isOn, values: typed })
    },
    onSuccess: ({ problems }) => {
      queryClient.invalidateQueries({ queryKey: providersOfQuery(agentId).queryKey })
      if (problems.length === 0) onClose()
    },
  })
  const problemOf = (name: string) => save.data?.problems.find((one) => one.name === name)?.problem
  const isChangeable = !isSwitchFixed || fields.some(({ isFixed }) => !isFixed)
  // What lies on the box itself is asked as often as anybody likes.
  const isOfThisBox = isSwitchFixed && !asksForLawfulUse && hosts.length === 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Dialog title={label} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        <p className="text-quiet">
          {about} {!isOfThisBox && paceWords(provider)}
        </p>
        <div>
          <label className="flex min-h-11 items-center gap-3 font-medium">
            <input
              type="checkbox"
              checked={isOn}
              disabled={isSwitchFixed}
              onChange={(event) => setIsOn(event.target.checked)}
              className="size-5 accent-lamp"
            />
            Ask {label}
          </label>
          {isSwitchFixed && (
            <p className="text-sm text-quiet">Switched on the box itself, by its own settings. They win.</p>
          )}
        </div>
        {fields.map((field) => (
          <ProviderFieldInput
            key={field.name}
            field={field}
            typed={typed[field.name]}
            problem={problemOf(field.name)}
            onTyped={(value) => setTyped({ ...typed, [field.name]: value })}
          />
        ))}
        {needsWord && (
          <label className="flex gap-3 rounded-card border border-lamp/60 p-4 text-sm">
            <input
              type="checkbox"
              required
              checked={isLawful}
              onChange={(event) => setIsLawful(event.target.checked)}
              className="mt-0.5 size-5 shrink-0 accent-lamp"
            />
            <span>
              Such an index shows whatever its address shows. I will use it only for what I may lawfully fetch where I
              live. This is asked once for the household, and kept in its records.
            </span>
          </label>
        )}
        {save.error && <ErrorNote words={wordsHere(save.error, here)} />}
        <div className="flex flex-wrap justify-end gap-3">
          <Button look="quiet" onClick={onClose}>
            {isChangeable ? 'Cancel' : 'Close'}
          </Button>
          {isChangeable && (
            <Button type="submit" isBusy={save.isPending}>
              Save
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  )
}
