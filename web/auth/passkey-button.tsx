/** Sign in with a passkey: by a button, and in the address field where the browser offers it. */
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { wordsHere } from '../error-words.ts'
import { passkeySignInOptions } from '../identity-api.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { session } from './current-session.ts'
import { askPasskey, canOfferInField, hasPasskeys, stopAsking } from './passkey.ts'

const signInBy = async (answer: Awaited<ReturnType<typeof askPasskey>>) =>
  session.signIn('/api/auth/passkeys/sign-in', answer)

export function PasskeyButton({ onEnter }: { onEnter: () => void }) {
  const signIn = useMutation({
    mutationFn: async () => signInBy(await askPasskey(await passkeySignInOptions())),
    onSuccess: onEnter,
  })
  useOfferInField(onEnter)
  if (!hasPasskeys()) return null
  return (
    <div className="flex flex-col gap-3">
      <Button look="quiet" isBusy={signIn.isPending} onClick={() => signIn.mutate()}>
        <Icon name="key" className="size-5 text-lamp" />
        Use a passkey
      </Button>
      {signIn.error && (
        <ErrorNote
          words={wordsHere(signIn.error, {
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

/** Waits quietly for a passkey chosen in the address field. Nobody asked for it, so nobody hears of its failure. */
function useOfferInField(onEnter: () => void): void {
  const enter = useRef(onEnter)
  useEffect(() => {
    enter.current = onEnter
  })
  useEffect(() => {
    let isHere = true
    const offer = async () => {
      if (!(await canOfferInField())) return
      const options = await passkeySignInOptions()
      if (!isHere) return
      await signInBy(await askPasskey(options, { inField: true }))
      if (isHere) enter.current()
    }
    offer().catch(() => undefined)
    return () => {
      isHere = false
      stopAsking().catch(() => undefined)
    }
  }, [])
}
