/** The address that the picture on a television leads to. */
import { getRouteApi } from '@tanstack/react-router'
import { TvPage } from './tv-page.tsx'

const route = getRouteApi('/signed-in/tv')

export function TvRoute() {
  const { code } = route.useSearch()
  return <TvPage key={code ?? ''} code={code} />
}
