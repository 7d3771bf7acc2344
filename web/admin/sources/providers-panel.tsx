/** What one box asks for films: each place with how it fares, and the way to set it. */
import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { Agent } from '../../api.ts'
import { wordsHere } from '../../error-words.ts'
import { type Provider, providersOfQuery } from '../../sources-api.ts'
import { Button } from '../../ui/button.tsx'
import { LoadingRows, Panel, Row, RowList, RowsFailed, Tag } from '../../ui/panel.tsx'
import { ProviderDialog } from './provider-dialog.tsx'
import { healthWords } from './provider-words.ts'

const here = {
  version_unsupported: { title: 'This box is too old for that.', text: 'Update it. Then it can be set from here.' },
}

export function ProvidersPanel({ agent: { id, name } }: { agent: Pick<Agent, 'id' | 'name'> }) {
  const { data, error, refetch, isFetching } = useQuery(providersOfQuery(id))
  const [openId, setOpenId] = useState<string>()
  const close = useCallback(() => setOpenId(undefined), [])
  const open = data?.find((one) => one.id === openId)
  return (
    <Panel title={name} lead="The places that this box asks.">
      {!data && !error && <LoadingRows label={`Loading what ${name} asks`} rows={5} />}
      {!data && error && <RowsFailed words={wordsHere(error, here)} onRetry={refetch} isRetrying={isFetching} />}
      {data && (
        <RowList label={`Places that ${name} asks`}>
          {data.map((provider) => (
            <ProviderRow key={provider.id} provider={provider} onOpen={() => setOpenId(provider.id)} />
          ))}
        </RowList>
      )}
      {open && <ProviderDialog agentId={id} provider={open} onClose={close} />}
    </Panel>
  )
}

function ProviderRow({ provider, onOpen }: { provider: Provider; onOpen: () => void }) {
  const { label, about, isOn, hosts, problem, health } = provider
  const fares = healthWords(health, Date.now())
  return (
    <Row
      title={
        <>
          {label} {isOn ? <Tag tone="leaf">On</Tag> : <Tag>Off</Tag>}
        </>
      }
      note={
        <>
          <span className="block">{about}</span>
          {isOn && (
            <span className={`block ${fares.isWell ? '' : 'text-ember'}`}>
              {hosts.length > 0 && `${hosts.join(', ')} · `}
              {fares.text}
            </span>
          )}
          {problem !== undefined && <span className="block text-ember">{problem}</span>}
        </>
      }
    >
      <Button look="quiet" aria-label={`Set up ${label}`} onClick={onOpen}>
        Set up
      </Button>
    </Row>
  )
}
