/** The invites: which still wait, which were used, which are over; an open one can be withdrawn. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { wordsFor } from '../error-words.ts'
import { type Invite, withdrawInvite } from '../identity-api.ts'
import { invitesQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { LoadingRows, Panel, Row, RowList, RowsFailed, Tag } from '../ui/panel.tsx'
import { longDate, since } from '../ui/time-format.ts'

export function InvitesPanel() {
  const queryClient = useQueryClient()
  const { data, error, refetch, isFetching } = useQuery(invitesQuery)
  const withdraw = useMutation({
    mutationFn: withdrawInvite,
    onSettled: () => queryClient.invalidateQueries({ queryKey: invitesQuery.queryKey }),
  })
  const nowSeconds = Date.now() / 1000
  return (
    <Panel title="Invites">
      {!data && !error && <LoadingRows label="Loading the invites" />}
      {!data && error && <RowsFailed words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />}
      {data?.length === 0 && <p className="text-sm text-quiet">No invite waits.</p>}
      {withdraw.error && <ErrorNote words={wordsFor(withdraw.error)} />}
      {data && data.length > 0 && (
        <RowList label="Invites">
          {data.map((invite) => (
            <Row
              key={invite.id}
              title={
                <>
                  {invite.note || 'An invite'} {invite.role === 'admin' && <Tag tone="lamp">Admin</Tag>}
                </>
              }
              note={stateWords(invite, nowSeconds)}
            >
              {invite.usedAt === null && invite.expiresAt > nowSeconds && (
                <Button
                  look="quiet"
                  aria-label={`Withdraw ${invite.note || 'the invite'}`}
                  isBusy={withdraw.isPending && withdraw.variables === invite.id}
                  onClick={() => withdraw.mutate(invite.id)}
                >
                  Withdraw
                </Button>
              )}
            </Row>
          ))}
        </RowList>
      )}
    </Panel>
  )
}

function stateWords({ usedAt, expiresAt }: Invite, nowSeconds: number): string {
  if (usedAt !== null) return `Used ${since(usedAt, nowSeconds * 1000)}`
  return expiresAt <= nowSeconds ? 'Over' : `Waits until ${longDate(expiresAt)}`
}
