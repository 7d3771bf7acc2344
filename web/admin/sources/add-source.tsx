/** On a title's page, for its admin: a copy added by hand, from a magnet link or a .torrent, and taken away again. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useCallback, useRef, useState } from 'react'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { AppError } from '#protocol/errors.ts'
import type { Title } from '../../api.ts'
import { useSession } from '../../auth/current-session.ts'
import { wordsFor, wordsHere } from '../../error-words.ts'
import { titleQuery } from '../../queries.ts'
import { addSource, type NewSource, removeSource } from '../../sources-api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/error-view.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Row, RowList } from '../../ui/panel.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { fileSize } from '../../ui/time-format.ts'

const OPERATOR = 'operator'
const MOST_BYTES = 2 * 1024 * 1024

/** Nothing for anybody else. */
export function AddSource({ title }: { title: Title }) {
  const session = useSession()
  const [isOpen, setIsOpen] = useState(false)
  const close = useCallback(() => setIsOpen(false), [])
  if (session.status !== 'signed-in' || session.person.role !== 'admin') return null
  const own = title.sources.filter(({ provider }) => provider === OPERATOR)
  return (
    <div className="flex max-w-prose flex-col items-start gap-3">
      {own.length > 0 && (
        <div className="w-full text-sm">
          <RowList label="Copies you added">
            {own.map((source) => (
              <OwnCopy key={source.id} titleId={title.id} source={source} />
            ))}
          </RowList>
        </div>
      )}
      <Button look="quiet" onClick={() => setIsOpen(true)}>
        <Icon name="plus" className="size-5" />
        Add a source
      </Button>
      {isOpen && <AddDialog title={title} onClose={close} />}
    </div>
  )
}

function useChanged(titleId: string): () => void {
  const queryClient = useQueryClient()
  return () => {
    queryClient.invalidateQueries({ queryKey: titleQuery(titleId).queryKey })
    queryClient.invalidateQueries({ queryKey: ['source-choices', titleId] })
  }
}

function OwnCopy({ titleId, source: { id, sizeBytes } }: { titleId: string; source: Title['sources'][number] }) {
  const remove = useMutation({ mutationFn: () => removeSource(titleId, id), onSuccess: useChanged(titleId) })
  const size = sizeBytes === null ? 'size not known' : fileSize(sizeBytes)
  return (
    <Row title={`Added by hand, ${size}`}>
      <Button
        look="plain"
        aria-label={`Remove the copy added by hand, ${size}`}
        isBusy={remove.isPending}
        onClick={() => remove.mutate()}
      >
        Remove
      </Button>
      {remove.error && <ErrorNote words={wordsFor(remove.error)} />}
    </Row>
  )
}

const here = {
  invalid: { title: 'That is no torrent.', text: 'Paste the whole magnet link, or choose another .torrent file.' },
  conflict: { title: 'This copy is there already.', text: 'Choose another one, or play it as it is.' },
  too_large: { title: 'That file is too large.', text: 'A .torrent may have two megabytes.' },
  not_found: { title: 'There is no such episode here.', text: 'Check the season and the episode.' },
}

function AddDialog({ title, onClose }: { title: Title; onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [magnet, setMagnet] = useState('')
  const [season, setSeason] = useState('')
  const [episode, setEpisode] = useState('')
  const changed = useChanged(title.id)
  const isPack = title.kind === 'show' || title.kind === 'season'
  const part = {
    ...(title.kind === 'show' && season !== '' ? { seasonNumber: Number(season) } : {}),
    ...(isPack && episode !== '' ? { episodeNumber: Number(episode) } : {}),
  }
  const add = useMutation({
    mutationFn: (source: NewSource) => addSource(title.id, source),
    onSuccess: () => {
      changed()
      onClose()
    },
  })
  const upload = useMutation({
    mutationFn: async (file: File) => add.mutateAsync({ torrentFile: await readFile(file), ...part }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ magnet, ...part })
  }
  const failed = upload.error ?? add.error
  return (
    <Dialog title={`Add a source of ${title.name}`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-quiet">
          Use only what you may lawfully fetch where you live. It is kept in the household’s records.
        </p>
        {title.kind === 'show' && (
          <TextField label="Season" inputMode="numeric" pattern="\d{1,4}" required value={season} onValue={setSeason} />
        )}
        {isPack && (
          <TextField
            label="Episode (optional)"
            inputMode="numeric"
            pattern="\d{1,5}"
            value={episode}
            onValue={setEpisode}
            hint="Leave it empty for a whole season."
          />
        )}
        <TextField
          label="Magnet link"
          data-first-focus
          required
          autoComplete="off"
          spellCheck={false}
          placeholder="magnet:?xt=urn:btih:…"
          value={magnet}
          onValue={setMagnet}
        />
        {failed && <ErrorNote words={wordsHere(failed, here)} />}
        <div className="flex flex-col-reverse justify-between gap-3 sm:flex-row">
          <Button look="plain" isBusy={upload.isPending} onClick={() => input.current?.click()}>
            <Icon name="upload" className="size-5" />
            Use a .torrent file
          </Button>
          <Button type="submit" isBusy={add.isPending}>
            Add
          </Button>
        </div>
        <input
          ref={input}
          type="file"
          accept=".torrent,application/x-bittorrent"
          aria-label="Torrent file"
          tabIndex={-1}
          className="sr-only"
          onChange={(event) => {
            const file = event.target.files?.[0]
            if (file) upload.mutate(file)
            event.target.value = ''
          }}
        />
      </form>
    </Dialog>
  )
}

async function readFile(file: File): Promise<string> {
  if (file.size > MOST_BYTES) throw new AppError('too_large', 'That file is too large.')
  return encodeBase64Url(new Uint8Array(await file.arrayBuffer()))
}
