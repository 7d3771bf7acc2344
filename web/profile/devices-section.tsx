/** Where this person is signed in: what, where, when last; end one, the others, all. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { session } from '../auth/current-session.ts'
import { wordsFor } from '../error-words.ts'
import { endSession, endSessions } from '../identity-api.ts'
import { sessionsQuery } from '../identity-queries.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { AskFirst, LoadingRows, Panel, RowsFailed } from '../ui/panel.tsx'
import { SessionRows } from '../ui/session-rows.tsx'

export function DevicesSection() {
  const queryClient = useQueryClient()
  const { data, error, refetch, isFetching } = useQuery(sessionsQuery)
  const [isAsking, setIsAsking] = useState(false)
  const again = () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey })
  const end = useMutation({ mutationFn: endSession, onSettled: again })
  const endOthers = useMutation({ mutationFn: () => endSessions(true), onSettled: again })
  const endAll = useMutation({ mutationFn: () => endSessions(false), onSuccess: () => session.signOut() })
  return (
    <>
      <Panel title="Signed in on" lead="Five devices at once. When a sixth comes, the one unused for longest leaves.">
        {!data && !error && <LoadingRows label="Loading your devices" rows={3} />}
        {!data && error && <RowsFailed words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />}
        {data && (
          <SessionRows
            sessions={data}
            onEnd={(id) => end.mutate(id)}
            busyId={end.isPending ? end.variables : undefined}
          />
        )}
        {end.error && <ErrorNote words={wordsFor(end.error)} />}
        {endOthers.error && <ErrorNote words={wordsFor(endOthers.error)} />}
        {data && (
          <div className="flex flex-wrap gap-3 border-t border-line pt-4">
            {data.length > 1 && (
              <Button look="quiet" isBusy={endOthers.isPending} onClick={() => endOthers.mutate()}>
                End all others
              </Button>
            )}
            <Button look="quiet" className="text-ember!" onClick={() => setIsAsking(true)}>
              End all, also this one
            </Button>
          </div>
        )}
        {isAsking && (
          <AskFirst
            title="Sign out everywhere?"
            text="Every device, also this one. Films that play there stop."
            yes="Sign out everywhere"
            no="Stay"
            isBusy={endAll.isPending}
            words={endAll.error ? wordsFor(endAll.error) : undefined}
            onYes={() => endAll.mutate()}
            onClose={() => setIsAsking(false)}
          />
        )}
      </Panel>
      <Panel
        title="A screen without a keyboard"
        lead="A television shows a code when you sign in there with a phone. Type it here."
        action={
          <Link to="/tv" search={{}} className={buttonClass('quiet')}>
            Let a screen in
          </Link>
        }
      />
    </>
  )
}
