/** What is done before there is a player: of a film that somebody is about to watch, and of one whose Play was pressed. */
import { session } from '../auth/current-session.ts'
import { homeQuery, preferencesQuery, progressQuery, titleChoiceQuery } from '../queries.ts'
import { queryClient } from '../query-client.ts'
import { openPressed, prepareStream } from './engine/prepared-stream.ts'
import { firstWish, tastesOf } from './player/first-wish.ts'
import { readLocalProgress } from './progress/progress-keeper.ts'
import { whereToStart } from './progress/where-to-start.ts'

type Asked = { titleId: string; startOver: boolean }

/** So that Play only attaches: the film is opened, if it is at home. Never throws: what cannot be prepared is asked for by Play. */
export const preparePlay = (titleId: string): Promise<void> => ask({ titleId, startOver: false }, prepareStream)

/** The film is opened while the player is being drawn. Never throws: the player asks again, and says what is wrong. */
export const beginPlay = (asked: Asked): Promise<void> => ask(asked, openPressed)

async function ask({ titleId, startOver }: Asked, open: typeof prepareStream): Promise<void> {
  try {
    const [preferences, choice, saved] = await Promise.all([
      queryClient.ensureQueryData(preferencesQuery),
      queryClient.ensureQueryData(titleChoiceQuery(titleId)),
      queryClient.ensureQueryData(progressQuery(titleId)),
    ])
    const state = session.getState()
    if (state.status !== 'signed-in' || queryClient.getQueryData(homeQuery.queryKey)?.lit === false) return
    const local = readLocalProgress(state.person.id, titleId)
    const startSeconds = whereToStart({ startOver, saved, local })
    open({ titleId, startSeconds, wish: firstWish(tastesOf(preferences, choice)) })
  } catch {
    // Not answered now.
  }
}
