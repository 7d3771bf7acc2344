/** Which releases the household wants and which not: said once, and then every copy is ranked by it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { wordsFor } from '../../error-words.ts'
import { type ReleaseRule, releaseRulesQuery, saveReleaseRules } from '../../sources-api.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { ErrorNote } from '../../ui/error-view.tsx'
import { Icon } from '../../ui/icon.tsx'
import { LoadingRows, Panel, Row, RowList, RowsFailed } from '../../ui/panel.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { conditions, type Effect, effectWords, ruleOf, ruleWords, typedFor } from './rule-words.ts'

export function RulesPanel() {
  const queryClient = useQueryClient()
  const { data: rules, error, refetch, isFetching } = useQuery(releaseRulesQuery)
  const save = useMutation({
    mutationFn: (next: ReleaseRule[]) => saveReleaseRules(next),
    onSettled: () => queryClient.invalidateQueries({ queryKey: releaseRulesQuery.queryKey }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['source-choices'] }),
  })
  return (
    <Panel
      title="Wanted and unwanted copies"
      lead="Play follows these by itself. A film’s own page shows all copies, each with its reasons."
    >
      {!rules && !error && <LoadingRows label="Loading the rules" />}
      {!rules && error && <RowsFailed words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />}
      {rules && rules.length > 0 && (
        <RowList label="Rules">
          {rules.map((rule, at) => (
            <Row key={JSON.stringify(rule)} title={ruleWords(rule)}>
              <button
                type="button"
                aria-label={`Remove the rule: ${ruleWords(rule)}`}
                onClick={() => save.mutate(rules.filter((_rule, other) => other !== at))}
                className="grid size-11 place-items-center rounded-full text-quiet hover:bg-ember/15 hover:text-ember"
              >
                <Icon name="trash" className="size-5" />
              </button>
            </Row>
          ))}
        </RowList>
      )}
      {rules && <AddRule isBusy={save.isPending} onAdd={(rule) => save.mutate([...rules, rule])} />}
      {save.error && <ErrorNote words={wordsFor(save.error)} />}
    </Panel>
  )
}

const effects: readonly (readonly [Effect, string])[] = [
  ['refuse', effectWords.refuse],
  ['avoid', effectWords.avoid],
  ['prefer', effectWords.prefer],
]

function AddRule({ isBusy, onAdd }: { isBusy: boolean; onAdd: (rule: ReleaseRule) => void }) {
  const [effect, setEffect] = useState<Effect>('refuse')
  const [condition, setCondition] = useState('cinema')
  const [typed, setTyped] = useState('')
  const rule = ruleOf(effect, condition, typed)
  const label = typedFor[condition]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!rule) return
    onAdd(rule)
    setTyped('')
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3 border-t border-line pt-4">
      <div className="min-w-36 flex-1">
        <Choice label="What to do" value={effect} options={effects} onValue={setEffect} />
      </div>
      <div className="min-w-48 flex-2">
        <Choice
          label="With copies"
          value={condition}
          options={conditions.map(([value, words]) => [value, words] as const)}
          onValue={setCondition}
        />
      </div>
      {label !== undefined && (
        <div className="min-w-36 flex-1">
          <TextField label={label} value={typed} onValue={setTyped} autoComplete="off" />
        </div>
      )}
      <Button type="submit" look="quiet" className="min-h-12!" isBusy={isBusy} disabled={!rule}>
        Add the rule
      </Button>
    </form>
  )
}
