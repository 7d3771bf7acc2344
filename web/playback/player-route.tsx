/** The address of a film that is being watched, and what the player needs to know before it opens. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { SavedProgress } from '../api.ts'
import { useSession } from '../auth/current-session.ts'
import { preferencesQuery, progressQuery, titleChoiceQuery } from '../queries.ts'
import type { Tastes } from './player/choices.ts'
import { tastesOf } from './player/first-wish.ts'
import { openingWords } from './player/player-phase.ts'
import { PlayerPage } from './player-page.tsx'
import { readLocalProgress } from './progress/progress-keeper.ts'
import { whereToStart } from './progress/where-to-start.ts'
import { OpeningVeil } from './veils/opening-veil.tsx'

/** What the film's own page heard this short a while ago still holds: nobody has watched far since. */
const RECENT_MS = 10_000

const route = getRouteApi('/signed-in/watch/$titleId')

export function PlayerRoute() {
  const { titleId } = route.useParams()
  const { from, source } = route.useSearch()
  const session = useSession()
  const { data, dataUpdatedAt, isError } = useQuery(progressQuery(titleId))
  const [openedAtMs] = useState(() => Date.now())
  const preferences = useQuery({ ...preferencesQuery, retry: false })
  const choice = useQuery({ ...titleChoiceQuery(titleId), retry: false })
  useEffect(() => leaveFullscreen, [])
  if (session.status !== 'signed-in') return null
  // Another device may have gone on meanwhile, so what is older does not count; what cannot be asked is not waited for.
  const isKnown = dataUpdatedAt > openedAtMs - RECENT_MS
  const isAsking = (!isKnown && !isError) || preferences.isPending || choice.isPending
  if (isAsking) return <OpeningVeil title={undefined} words={openingWords(undefined)} />
  const known = { startOver: from === 'start', saved: data ?? null }
  const tastes = tastesOf(preferences.data, choice.data)
  const watching = { titleId, personId: session.person.id, sourceId: source }
  return <FromThere key={`${titleId} ${source}`} watching={watching} known={known} tastes={tastes} />
}

/** The page was put into full screen for the film; the next film may stay there, the rest of the app does not. */
const leaveFullscreen = () => {
  if (document.fullscreenElement) void document.exitFullscreen()
}

type FromThereProps = {
  watching: { titleId: string; personId: string; sourceId: string | undefined }
  known: { startOver: boolean; saved: SavedProgress | null }
  tastes: Tastes
}

/** Where and how to start is decided once: later saves must not begin the film anew. */
function FromThere({ watching, known, tastes: tastesNow }: FromThereProps) {
  const { titleId, personId } = watching
  const [startSeconds] = useState(() => whereToStart({ ...known, local: readLocalProgress(personId, titleId) }))
  const [tastes] = useState(tastesNow)
  const navigate = route.useNavigate()
  useEffect(() => {
    // Said once: a reload in mid-film must not start over again.
    if (known.startOver) void navigate({ search: ({ from: _said, ...rest }) => rest, replace: true })
  }, [known.startOver, navigate])
  return <PlayerPage {...watching} startSeconds={startSeconds} tastes={tastes} />
}
