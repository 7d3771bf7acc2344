/** Whether a box takes films on, and the ways to change that: empty it before it is stopped, or look after it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Agent } from '../api.ts'
import { setAgentMode } from '../edge-api.ts'
import { wordsFor } from '../error-words.ts'
import { agentsQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { problemWords, stateWords } from './agent-words.ts'

export function AgentMode({ agent }: { agent: Agent }) {
  const queryClient = useQueryClient()
  const change = useMutation({
    mutationFn: (mode: Agent['mode']) => setAgentMode(agent.id, mode),
    onSettled: () => queryClient.invalidateQueries({ queryKey: agentsQuery.queryKey }),
  })
  const problem = agent.problem && problemWords[agent.problem]
  const state = stateWords(agent)
  const button = (mode: Agent['mode'], words: string) => (
    <Button
      look="quiet"
      isBusy={change.isPending && change.variables === mode}
      disabled={change.isPending}
      onClick={() => change.mutate(mode)}
    >
      {words}
    </Button>
  )
  return (
    <footer className="mt-4 flex flex-col gap-3 border-t border-line pt-4 text-sm">
      {problem && <p className="text-ember">{problem}</p>}
      {state && <p role="status">{state}</p>}
      {change.error && <ErrorNote words={wordsFor(change.error)} />}
      {agent.mode === 'serving' && state === undefined && agent.online && (
        <p className="max-w-prose text-quiet">
          Before you stop it, empty it: its films go on from another box, until it is started again. To work on it for
          longer, look after it: nothing plays from it until you say so.
        </p>
      )}
      <div className="flex flex-wrap gap-3">
        {agent.mode === 'serving' ? (
          <>
            {button('draining', 'Empty it')}
            {button('maintenance', 'Look after it')}
          </>
        ) : (
          button('serving', 'Let it play again')
        )}
      </div>
    </footer>
  )
}
