/** After a list was changed: whatever was read of lists is old, by whichever name it was read. */
import type { QueryClient } from '@tanstack/react-query'

/** Resolves when what is on the screen has been read again. A viewer's watchlist has an id besides its name. */
export const listsChanged = (client: QueryClient) =>
  Promise.all(['lists', 'list'].map((kind) => client.invalidateQueries({ queryKey: [kind] })))
