/** One box: its lamp, what it is, where it can be reached, and the way to forget it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useCallback, useState } from 'react'
import type { Agent } from '../api.ts'
import { forgetAgent } from '../edge-api.ts'
import { wordsFor } from '../error-words.ts'
import { agentsQuery, homeQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { Lamp } from '../ui/lamp.tsx'
import { since, when } from '../ui/time-format.ts'
import { AgentMode } from './agent-mode.tsx'
import { loadWords, upgradeWords } from './agent-words.ts'
import { CertificateState } from './certificate-state.tsx'
import { VpnState } from './vpn-state.tsx'

export function AgentCard({ agent }: { agent: Agent }) {
  const [isForgetting, setIsForgetting] = useState(false)
  const close = useCallback(() => setIsForgetting(false), [])
  const now = Date.now()
  return (
    <article
      aria-label={agent.name}
      data-online={agent.online}
      className="rounded-[16px] border border-line bg-raised/60 p-5 shadow-card"
    >
      <header className="flex items-center gap-4">
        <Lamp isLit={agent.online} className="size-10" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-lg font-semibold">{agent.name}</h2>
          <p className={`flex items-center gap-2 text-sm ${agent.online ? 'text-leaf' : 'text-quiet'}`}>
            <span aria-hidden className={`size-2 rounded-full ${agent.online ? 'bg-leaf' : 'border-2 border-edge'}`} />
            {agent.online ? 'Online' : offlineWords(agent.lastSeenAt, now)}
          </p>
        </div>
        <button
          type="button"
          aria-label={`Forget ${agent.name}`}
          onClick={() => setIsForgetting(true)}
          className="grid size-11 place-items-center rounded-full text-quiet hover:bg-ember/15 hover:text-ember"
        >
          <Icon name="trash" className="size-5" />
        </button>
      </header>
      <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 border-t border-line pt-4 text-sm">
        <Row name="Key">
          <code className="font-mono text-[0.8125rem]">{agent.fingerprint}</code>
        </Row>
        <Row name="Reached at">
          {agent.addresses.length === 0
            ? 'No address of its own'
            : agent.addresses.map((address) => (
                <p key={address} className="break-all">
                  {address}
                </p>
              ))}
        </Row>
        {agent.vpn && (
          <Row name="VPN">
            <VpnState vpn={agent.vpn} now={now} />
          </Row>
        )}
        {agent.certificate && (
          <Row name="Certificate">
            <CertificateState certificate={agent.certificate} now={now} />
          </Row>
        )}
        {loadWords(agent) && <Row name="Playing">{loadWords(agent)}</Row>}
        <Row name="Software">
          {agent.softwareVersion}
          {agent.ffmpeg === false && (
            <p className="text-lamp">
              ffmpeg is missing on this box. Films whose picture or sound must be made anew do not play from it until it
              is installed.
            </p>
          )}
          {upgradeWords[agent.upgrade] && <p className="text-lamp">{upgradeWords[agent.upgrade]}</p>}
        </Row>
        <Row name="Paired">{when(agent.pairedAt, now)}</Row>
      </dl>
      <AgentMode agent={agent} />
      {isForgetting && <ForgetDialog agent={agent} onClose={close} />}
    </article>
  )
}

const offlineWords = (lastSeenAt: number | null, now: number): string =>
  lastSeenAt === null ? 'Offline, never seen' : `Offline, last seen ${since(lastSeenAt, now)}`

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-quiet">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}

function ForgetDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const queryClient = useQueryClient()
  const forget = useMutation({
    mutationFn: () => forgetAgent(agent.id),
    onSuccess: () => {
      queryClient.invalidateQueries({ queryKey: agentsQuery.queryKey })
      queryClient.invalidateQueries({ queryKey: homeQuery.queryKey })
      onClose()
    },
  })
  return (
    <Dialog title={`Forget ${agent.name}?`} onClose={onClose}>
      <p className="text-quiet">
        Films that play from it stop now. Its files stay on the box. To use it again, pair it again.
      </p>
      {forget.error && (
        <div className="pt-4">
          <ErrorNote words={wordsFor(forget.error)} />
        </div>
      )}
      <div className="flex flex-wrap justify-end gap-3 pt-5">
        <Button look="quiet" onClick={onClose}>
          Keep it
        </Button>
        <Button look="danger" isBusy={forget.isPending} onClick={() => forget.mutate()}>
          Forget it
        </Button>
      </div>
    </Dialog>
  )
}
