/** Subtitles from elsewhere: a file of one's own, or a search. */
import { useMutation } from '@tanstack/react-query'
import { useId, useRef, useState } from 'react'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { AppError } from '#protocol/errors.ts'
import type { SubtitleTrack } from '#protocol/tracks.ts'
import { addFoundSubtitle, addSubtitle, searchSubtitles } from '../../edge-api.ts'
import { wordsFor } from '../../error-words.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type Player, useViewing } from '../player/use-player.ts'
import { languageInName, subtitleFormat } from '../subtitles/subtitle-format.ts'
import { languageName } from './track-labels.ts'

const HEAD_BYTES = 4096
const MOST_BYTES = 650_000
const nameOf = (file: string) => file.replace(/\.[^.]+$/, '').slice(0, 200) || 'Subtitles'
const languages = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt',
  'nl',
  'pl',
  'sv',
  'da',
  'no',
  'fi',
  'cs',
  'tr',
  'ru',
  'uk',
  'ar',
  'hi',
  'ja',
  'ko',
  'zh',
]

export function AddSubtitles({ player }: { player: Player }) {
  const streamId = useViewing(player, (state) => state.stream?.streamId)
  const input = useRef<HTMLInputElement>(null)
  const [isSearching, setIsSearching] = useState(false)
  const show = (track: SubtitleTrack) => {
    player.viewing.addSubtitle(track)
    player.choices.subtitle(track)
  }
  const upload = useMutation({ mutationFn: (file: File) => send(streamId ?? '', file), onSuccess: show })
  return (
    <div className="mt-2 border-t border-line pt-3">
      <div className="flex flex-wrap gap-2">
        <Button look="quiet" className="px-4! text-sm" isBusy={upload.isPending} onClick={() => input.current?.click()}>
          <Icon name="upload" className="size-4.5" />
          Use a file
        </Button>
        <Button
          look="quiet"
          className="px-4! text-sm"
          aria-expanded={isSearching}
          onClick={() => setIsSearching(!isSearching)}
        >
          <Icon name="search" className="size-4.5" />
          Search
        </Button>
      </div>
      <input
        ref={input}
        type="file"
        accept=".srt,.vtt,.ass,.ssa,text/vtt,application/x-subrip"
        aria-label="Subtitle file"
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) upload.mutate(file)
          event.target.value = ''
        }}
      />
      {upload.error && <Problem error={upload.error} />}
      {isSearching && streamId && <Search streamId={streamId} onAdded={show} />}
    </div>
  )
}

function Search({ streamId, onAdded }: { streamId: string; onAdded: (track: SubtitleTrack) => void }) {
  const id = useId()
  const [language, setLanguage] = useState(() => navigator.language.split('-')[0] ?? 'en')
  const search = useMutation({ mutationFn: () => searchSubtitles(streamId, language) })
  const add = useMutation({
    mutationFn: (found: { fileId: number; name: string; language: string }) =>
      addFoundSubtitle(streamId, { fileId: found.fileId, name: found.name.slice(0, 200), language: found.language }),
    onSuccess: onAdded,
  })
  const known = languages.includes(language) ? languages : [language, ...languages]
  return (
    <div className="pt-3">
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          search.mutate()
        }}
      >
        <label htmlFor={id} className="min-w-0 flex-1 text-sm">
          <span className="block pb-1 text-quiet">Language</span>
          <select
            id={id}
            value={language}
            onChange={(event) => setLanguage(event.target.value)}
            className="min-h-11 w-full rounded-card border border-edge bg-raised px-3"
          >
            {known.map((tag) => (
              <option key={tag} value={tag}>
                {languageName(tag)}
              </option>
            ))}
          </select>
        </label>
        <Button type="submit" isBusy={search.isPending} className="px-4! text-sm">
          Look
        </Button>
      </form>
      {search.error && <Problem error={search.error} />}
      {add.error && <Problem error={add.error} />}
      {search.data?.results.length === 0 && <p className="pt-3 text-sm">Nothing found. Try another language.</p>}
      <ul className="pt-2">
        {search.data?.results.map((found) => (
          <li key={found.fileId}>
            <button
              type="button"
              disabled={add.isPending}
              onClick={() => add.mutate(found)}
              className="-mx-2 flex min-h-11 w-[calc(100%+1rem)] items-center gap-3 rounded-lg px-2 py-2 text-start text-sm hover:bg-ink/8 disabled:opacity-60"
            >
              <Icon name="plus" className="size-4.5 text-lamp" />
              <span className="min-w-0 flex-1 break-words">
                {found.name}
                {found.isForHardOfHearing && <span className="text-quiet">, for the hard of hearing</span>}
                {found.isMachineMade && <span className="text-quiet">, translated by a machine</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Problem({ error }: { error: Error }) {
  const isOurs = error instanceof AppError && error.code === 'not_playable'
  const words = wordsFor(error)
  return (
    <p role="alert" className="pt-2 text-sm text-ember">
      {isOurs ? 'There are no subtitles in that file. Choose an SRT, VTT or ASS file.' : `${words.title} ${words.text}`}
    </p>
  )
}

/** Throws AppError when it is no subtitle file, or what sending throws. */
async function send(streamId: string, file: File): Promise<SubtitleTrack> {
  if (file.size > MOST_BYTES) throw new AppError('too_large', 'That file is too large for subtitles.')
  const bytes = new Uint8Array(await file.arrayBuffer())
  const format = subtitleFormat(file.name, new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES)))
  if (!format) throw new AppError('not_playable', 'That is no subtitle file.')
  const language = languageInName(file.name)
  return addSubtitle(streamId, {
    name: nameOf(file.name),
    format,
    file: encodeBase64Url(bytes),
    ...(language !== undefined && { language }),
  })
}
