/** What is done when somebody is about to watch a film, so that Play only attaches: it is opened, if it is at home. */
import { session } from '../auth/current-session.ts'
import { homeQuery, preferencesQuery, progressQuery, titleChoiceQuery } from '../queries.ts'
import { queryClient } from '../query-client.ts'
import { prepareStream } from './engine/prepared-stream.ts'
import { firstWish, tastesOf } from './player/first-wish.ts'
import { readLocalProgress } from './progress/progress-keeper.ts'
import { whereToStart } from './progress/where-to-start.ts'

/** Never throws: what cannot be prepared is asked for by Play. */
export async function preparePlay(titleId: string): Promise<void> {
  try {
    const [preferences, choice, saved] = await Promise.all([
      queryClient.ensureQueryData(preferencesQuery),
      queryClient.ensureQueryData(titleChoiceQuery(titleId)),
      queryClient.ensureQueryData(progressQuery(titleId)),
    ])
    const state = session.getState()
    if (state.status !== 'signed-in' || queryClient.getQueryData(homeQuery.queryKey)?.lit === false) return
    const local = readLocalProgress(state.person.id, titleId)
    const startSeconds = whereToStart({ startOver: false, saved, local })
    prepareStream({ titleId, startSeconds, wish: firstWish(tastesOf(preferences, choice)) })
  } catch {
    // Not answered now: the player asks again, and says what is wrong.
  }
}
