/** Devices as rows: one's own, or somebody else's for an admin. */
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { Row, RowList, Tag } from './panel.tsx'
import { since } from './time-format.ts'

type Device = {
  id: string
  device: string
  place: string | null
  network: string | null
  lastUsedAt: number
  isCurrent: boolean
}

type SessionRowsProps = { sessions: readonly Device[]; onEnd: (id: string) => void; busyId?: string | undefined }

export function SessionRows({ sessions, onEnd, busyId }: SessionRowsProps) {
  if (sessions.length === 0) return <p className="text-sm text-quiet">Signed in nowhere.</p>
  return (
    <RowList label="Devices">
      {sessions.map(({ id, device, place, network, lastUsedAt, isCurrent }) => (
        <Row
          key={id}
          mark={<Icon name="screen" className="size-6 text-quiet" />}
          title={
            <>
              {device} {isCurrent && <Tag tone="leaf">This device</Tag>}
            </>
          }
          note={[place ?? network, `last used ${since(lastUsedAt, Date.now())}`].filter(Boolean).join(' · ')}
        >
          {!isCurrent && (
            <Button look="quiet" aria-label={`End ${device}`} isBusy={busyId === id} onClick={() => onEnd(id)}>
              End
            </Button>
          )}
        </Row>
      ))}
    </RowList>
  )
}
