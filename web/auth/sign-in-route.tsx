/** The address of the door. */
import { getRouteApi } from '@tanstack/react-router'
import { SignInPage } from './sign-in-page.tsx'

const route = getRouteApi('/sign-in')

export function SignInRoute() {
  const { next = '/', erased } = route.useSearch()
  return <SignInPage next={next} erasedAt={erased} />
}
