/** The one-time secret in the fragment of a link, which no server ever sees. */
import { useEffect, useState } from 'react'

/** Read once, then taken out of the address bar. */
export function useFragment(): string {
  const [secret] = useState(() => location.hash.slice(1))
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search)
  }, [])
  return secret
}

/** The form of the secrets in letters and invites: 32 random bytes as base64url. */
export const isLinkSecret = (secret: string): boolean => /^[\w-]{43}$/.test(secret)
