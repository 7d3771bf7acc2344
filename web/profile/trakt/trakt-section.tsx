/** A person's Trakt: connect it, see what an import would do, keep both sides alike, disconnect. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { DeviceCode } from '../../auth/device-code.tsx'
import { wordsFor } from '../../error-words.ts'
import { beginLink, type DeviceWalk } from '../../identity-api.ts'
import { watchingQuery } from '../../identity-queries.ts'
import { disconnectTrakt, syncTrakt, type TraktStatus, traktQuery } from '../../library-api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/error-view.tsx'
import { AskFirst, LoadingRows, Panel, RowsFailed } from '../../ui/panel.tsx'
import { PreviewDialog } from './preview-dialog.tsx'
import { SyncFacts } from './sync-facts.tsx'

const title = 'Trakt'
const lead = 'Keep what you watch, rate and mean to watch alike, here and on Trakt.'

export function TraktSection() {
  const { data, error, refetch, isFetching } = useQuery(traktQuery)
  if (!data) {
    return (
      <Panel title={title} lead={lead}>
        {error ? (
          <RowsFailed words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />
        ) : (
          <LoadingRows label="Loading your Trakt" />
        )}
      </Panel>
    )
  }
  if (!data.isConfigured) {
    return (
      <Panel title={title} lead={lead}>
        <p className="text-sm text-quiet">Trakt is not set up here. Whoever runs this Porchlight can do it.</p>
      </Panel>
    )
  }
  return data.account === null ? <NotConnected status={data} /> : <Connected status={data} account={data.account} />
}

function NotConnected({ status }: { status: TraktStatus }) {
  const wasConnected = status.sync !== null
  return (
    <Panel
      title={title}
      lead={lead}
      action={<ConnectButton words={wasConnected ? 'Connect again' : 'Connect Trakt'} />}
    >
      {wasConnected && (
        <>
          <p role="status">
            Trakt no longer lets us in. Connect it again and it goes on where it was. Nothing is lost.
          </p>
          <div>
            <DisconnectButton />
          </div>
        </>
      )}
    </Panel>
  )
}

function Connected({ status, account }: { status: TraktStatus; account: string }) {
  const { data: watching } = useQuery(watchingQuery)
  const [isLooking, setIsLooking] = useState(false)
  const nameOf = (viewerId: string) => watching?.profiles.find(({ id }) => id === viewerId)?.name ?? 'you'
  const { sync } = status
  return (
    <Panel
      title={title}
      lead={account === '' ? 'Connected.' : `Connected as ${account}.`}
      action={sync ? <SyncButton isImporting={sync.isImporting} /> : undefined}
    >
      {sync ? (
        <SyncFacts sync={sync} forWhom={nameOf(sync.viewerId)} />
      ) : (
        <p className="text-sm text-quiet">Nothing is exchanged yet. Look first at what an import would do.</p>
      )}
      <div className="flex flex-wrap gap-2">
        {!sync && <Button onClick={() => setIsLooking(true)}>Look what would happen</Button>}
        <DisconnectButton />
      </div>
      {isLooking && <PreviewDialog forWhom={watching?.current?.name ?? 'you'} onClose={() => setIsLooking(false)} />}
    </Panel>
  )
}

function SyncButton({ isImporting }: { isImporting: boolean }) {
  const queryClient = useQueryClient()
  const sync = useMutation({
    mutationFn: syncTrakt,
    onSuccess: (status) => queryClient.setQueryData(traktQuery.queryKey, status),
  })
  return (
    <div className="flex flex-col items-end gap-2">
      <Button look="quiet" isBusy={sync.isPending} onClick={() => sync.mutate()}>
        {isImporting ? 'Go on' : 'Sync now'}
      </Button>
      {sync.error && <ErrorNote words={wordsFor(sync.error)} />}
    </div>
  )
}

function ConnectButton({ words }: { words: string }) {
  const queryClient = useQueryClient()
  const [walk, setWalk] = useState<DeviceWalk>()
  const begin = useMutation({
    mutationFn: () => beginLink('trakt', '/account/trakt'),
    onSuccess: (begun) => begun.kind === 'device' && setWalk(begun),
  })
  const done = () => {
    setWalk(undefined)
    queryClient.invalidateQueries({ queryKey: traktQuery.queryKey })
    queryClient.invalidateQueries({ queryKey: ['me'] })
  }
  return (
    <div className="flex flex-col items-end gap-2">
      <Button isBusy={begin.isPending} onClick={() => begin.mutate()}>
        {words}
      </Button>
      {begin.error && <ErrorNote words={wordsFor(begin.error)} />}
      {walk && (
        <Dialog title="Connect Trakt" onClose={() => setWalk(undefined)}>
          <DeviceCode
            way="trakt"
            walk={walk}
            onAgain={() => begin.mutate()}
            onState={({ state }) => state === 'linked' && done()}
          />
        </Dialog>
      )}
    </div>
  )
}

function DisconnectButton() {
  const queryClient = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const leave = useMutation({
    mutationFn: disconnectTrakt,
    onSuccess: () => {
      setIsAsking(false)
      queryClient.invalidateQueries({ queryKey: traktQuery.queryKey })
    },
  })
  return (
    <>
      <Button look="plain" onClick={() => setIsAsking(true)}>
        Disconnect
      </Button>
      {isAsking && (
        <AskFirst
          title="Disconnect Trakt?"
          text="The two no longer follow each other, and Trakt’s lists leave this place. What you watched stays on both sides. You can still sign in with it until you take that away under Locks."
          yes="Disconnect"
          isBusy={leave.isPending}
          words={leave.error ? wordsFor(leave.error) : undefined}
          onYes={() => leave.mutate()}
          onClose={() => setIsAsking(false)}
        />
      )}
    </>
  )
}
