/** Accounts elsewhere that open this one: connect, see, take away. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { DeviceCode } from '../auth/device-code.tsx'
import { useWayName } from '../auth/use-way-name.ts'
import { wordsFor } from '../error-words.ts'
import { beginLink, type DeviceWalk, type Link, removeLink } from '../identity-api.ts'
import { linksQuery, providersQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { AskFirst, LoadingRows, Panel, Row, RowList, RowsFailed } from '../ui/panel.tsx'
import { since } from '../ui/time-format.ts'

export function LinksPanel() {
  const queryClient = useQueryClient()
  const wayName = useWayName()
  const links = useQuery(linksQuery)
  const { data: providers } = useQuery(providersQuery)
  const [walk, setWalk] = useState<{ way: string; walk: DeviceWalk }>()
  const [leaving, setLeaving] = useState<Link>()
  const done = () => {
    setWalk(undefined)
    setLeaving(undefined)
    queryClient.invalidateQueries({ queryKey: ['me'] })
  }
  const begin = useMutation({
    mutationFn: (way: string) => beginLink(way, '/account/security'),
    onSuccess: (begun, way) => {
      if (begun.kind === 'redirect') location.assign(begun.url)
      else setWalk({ way, walk: begun })
    },
    onError: () => queryClient.invalidateQueries({ queryKey: providersQuery.queryKey }),
  })
  const remove = useMutation({ mutationFn: removeLink, onSuccess: done })
  const elsewhere = providers?.filter(({ kind }) => kind === 'redirect' || kind === 'device') ?? []
  // Nothing to connect and nothing connected: a household that never heard of it need not.
  if (elsewhere.length === 0 && (links.data?.length ?? 0) === 0 && !links.error) return null
  return (
    <Panel title="Accounts elsewhere" lead="Sign in with an account that you have anyway.">
      {!links.data && !links.error && <LoadingRows label="Loading connected accounts" />}
      {!links.data && links.error && (
        <RowsFailed words={wordsFor(links.error)} onRetry={links.refetch} isRetrying={links.isFetching} />
      )}
      {links.data && links.data.length > 0 && (
        <RowList label="Connected accounts">
          {links.data.map((link) => (
            <Row
              key={link.id}
              mark={<Icon name="link" className="size-6 text-sky" />}
              title={`${wayName(link.way)}${link.label === '' ? '' : ` · ${link.label}`}`}
              note={`Connected ${since(link.linkedAt, Date.now())}`}
            >
              <Button look="plain" aria-label={`Disconnect ${wayName(link.way)}`} onClick={() => setLeaving(link)}>
                Disconnect
              </Button>
            </Row>
          ))}
        </RowList>
      )}
      <div className="flex flex-wrap gap-2">
        {elsewhere.map(({ id, label, healthy }) => (
          <Button
            key={id}
            look="quiet"
            disabled={!healthy}
            isBusy={begin.isPending && begin.variables === id}
            onClick={() => begin.mutate(id)}
          >
            Connect {label}
            {!healthy && <span className="font-normal text-quiet">· not answering</span>}
          </Button>
        ))}
      </div>
      {begin.error && <ErrorNote words={wordsFor(begin.error)} />}
      {walk && (
        <Dialog title={`Connect ${wayName(walk.way)}`} onClose={() => setWalk(undefined)}>
          <DeviceCode
            way={walk.way}
            walk={walk.walk}
            onAgain={() => begin.mutate(walk.way)}
            onState={({ state }) => state === 'linked' && done()}
          />
        </Dialog>
      )}
      {leaving && (
        <AskFirst
          title={`Disconnect ${wayName(leaving.way)}?`}
          text="It no longer opens this account. You can connect it again."
          yes="Disconnect"
          isBusy={remove.isPending}
          words={remove.error ? wordsFor(remove.error) : undefined}
          onYes={() => remove.mutate(leaving.id)}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </Panel>
  )
}
