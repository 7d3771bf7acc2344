/** Sign in with a passkey: by a button, and in the address field where the browser offers it. */
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { wordsHere } from '../error-words.ts'
import { passkeySignInOptions } from '../identity-api.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { session } from './current-session.ts'
import { askPasskey, canOfferInField, hasPasskeys, stopAsking } from './passkey.ts'
import { PasskeyTurns } from './passkey-turns.ts'

export function PasskeyButton({ onEnter }: { onEnter: () => void }) {
  const [turns] = useState(
    () =>
      new PasskeyTurns({
        options: passkeySignInOptions,
        ask: askPasskey,
        signIn: (answer) => session.signIn('/api/auth/passkeys/sign-in', answer),
      }),
  )
  const signIn = useMutation({ mutationFn: () => turns.press(), onSuccess: (isMine) => isMine && onEnter() })
  const refused = useOfferInField(turns, onEnter)
  const error = signIn.error ?? (signIn.isPending ? undefined : refused)
  if (!hasPasskeys()) return null
  return (
    <div className="flex flex-col gap-3">
      <Button look="quiet" isBusy={signIn.isPending} onClick={() => signIn.mutate()}>
        <Icon name="key" className="size-5 text-lamp" />
        Use a passkey
      </Button>
      {error !== undefined && (
        <ErrorNote
          words={wordsHere(error, {
            code_wrong: {
              title: 'That passkey opens nothing here.',
              text: 'It may have been removed. Use another way.',
            },
            link_over: { title: 'That took too long.', text: 'Try again.' },
          })}
        />
      )}
    </div>
  )
}

/** Waits quietly for a passkey chosen in the address field; what comes back is why the one that was chosen did not open. */
function useOfferInField(turns: PasskeyTurns, onEnter: () => void): unknown {
  const [refused, setRefused] = useState<unknown>()
  const enter = useRef(onEnter)
  useEffect(() => {
    enter.current = onEnter
  })
  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    const offer = async () => {
      if ((await canOfferInField()) && (await turns.offer(signal)) && !signal.aborted) enter.current()
    }
    offer().catch((error: unknown) => !signal.aborted && setRefused(error))
    return () => {
      leaving.abort()
      stopAsking().catch(() => undefined)
    }
  }, [turns])
  return refused
}
