/** The passkeys of this account: which there are, a new one, another name, taking one away. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { session } from '../auth/current-session.ts'
import { PasskeyAdd } from '../auth/passkey-add.tsx'
import { wordsFor } from '../error-words.ts'
import { type Passkey, removePasskey, renamePasskey } from '../identity-api.ts'
import { passkeysQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { AskFirst, LoadingRows, Panel, Row, RowList, RowsFailed } from '../ui/panel.tsx'
import { TextField } from '../ui/text-field.tsx'
import { since } from '../ui/time-format.ts'

export function PasskeysPanel() {
  const queryClient = useQueryClient()
  const { data, error, refetch, isFetching } = useQuery(passkeysQuery)
  const [open, setOpen] = useState<{ what: 'add' } | { what: 'rename' | 'remove'; passkey: Passkey }>()
  const done = async () => {
    const wasAdded = open?.what === 'add'
    setOpen(undefined)
    // A session that made a passkey counts as one with two factors: its next token says so.
    if (wasAdded) await session.renew()
    await queryClient.invalidateQueries({ queryKey: ['me'] })
  }
  const close = () => setOpen(undefined)
  return (
    <Panel
      title="Passkeys"
      lead="Sign in with your finger, your face or a PIN. Nothing to remember, nothing to steal."
      action={
        <Button look="quiet" onClick={() => setOpen({ what: 'add' })}>
          <Icon name="plus" className="size-5" />
          Add a passkey
        </Button>
      }
    >
      {!data && !error && <LoadingRows label="Loading your passkeys" />}
      {!data && error && <RowsFailed words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />}
      {data?.length === 0 && <p className="text-sm text-quiet">You have none yet.</p>}
      {data && data.length > 0 && (
        <RowList label="Passkeys">
          {data.map((passkey) => (
            <Row
              key={passkey.id}
              mark={<Icon name="key" className="size-6 text-lamp" />}
              title={passkey.name}
              note={usedWords(passkey)}
            >
              <Button
                look="plain"
                aria-label={`Rename ${passkey.name}`}
                onClick={() => setOpen({ what: 'rename', passkey })}
              >
                Rename
              </Button>
              <Button
                look="plain"
                aria-label={`Remove ${passkey.name}`}
                onClick={() => setOpen({ what: 'remove', passkey })}
              >
                Remove
              </Button>
            </Row>
          ))}
        </RowList>
      )}
      {open?.what === 'add' && (
        <Dialog title="Add a passkey" onClose={close}>
          <PasskeyAdd onDone={done} />
        </Dialog>
      )}
      {open?.what === 'rename' && <Rename passkey={open.passkey} onDone={done} onClose={close} />}
      {open?.what === 'remove' && <Remove passkey={open.passkey} onDone={done} onClose={close} />}
    </Panel>
  )
}

const usedWords = ({ lastUsedAt, createdAt, isBackedUp }: Passkey): string => {
  const used =
    lastUsedAt === null ? `Added ${since(createdAt, Date.now())}` : `Last used ${since(lastUsedAt, Date.now())}`
  return isBackedUp ? `${used}. Kept on your other devices too` : used
}

type PartProps = { passkey: Passkey; onDone: () => void; onClose: () => void }

function Rename({ passkey, onDone, onClose }: PartProps) {
  const [name, setName] = useState(passkey.name)
  const save = useMutation({ mutationFn: () => renamePasskey(passkey.id, name.trim()), onSuccess: onDone })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Dialog title="Rename the passkey" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" required maxLength={60} data-first-focus value={name} onValue={setName} />
        {save.error && <ErrorNote words={wordsFor(save.error)} />}
        <Button type="submit" isBusy={save.isPending}>
          Save
        </Button>
      </form>
    </Dialog>
  )
}

function Remove({ passkey, onDone, onClose }: PartProps) {
  const remove = useMutation({ mutationFn: () => removePasskey(passkey.id), onSuccess: onDone })
  return (
    <AskFirst
      title={`Remove ${passkey.name}?`}
      text="It no longer opens this account. Delete it on the device as well, where it stays otherwise."
      yes="Remove it"
      isBusy={remove.isPending}
      words={remove.error ? wordsFor(remove.error) : undefined}
      onYes={() => remove.mutate()}
      onClose={onClose}
    />
  )
}
