/** The address of the admin's boxes; only an admin finds something there. */
import { getRouteApi } from '@tanstack/react-router'
import { useSession } from '../auth/current-session.ts'
import { errorWords } from '../error-words.ts'
import { ErrorView } from '../ui/error-view.tsx'
import { AgentsPage } from './agents-page.tsx'

const route = getRouteApi('/signed-in/shell/home')

export function AgentsRoute() {
  const { code } = route.useSearch()
  const session = useSession()
  // The edge refuses as well; this only spares everybody else a page of errors.
  if (session.status !== 'signed-in' || session.person.role !== 'admin')
    return <ErrorView words={errorWords.forbidden} />
  return <AgentsPage code={code} />
}
