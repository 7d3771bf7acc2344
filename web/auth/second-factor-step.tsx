/** The second half of a sign-in: a passkey, a code, or a recovery code. */
import { useMutation } from '@tanstack/react-query'
import type { SecondFactorNeeded } from '../api.ts'
import { giveUpSecondFactor, passkeySecondFactorOptions } from '../identity-api.ts'
import { Button } from '../ui/button.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { session } from './current-session.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'
import { ProofForm } from './proof-form.tsx'

type SecondFactorStepProps = { needed: SecondFactorNeeded; onEnter: () => void; onBack: () => void }

export function SecondFactorStep({ needed, onEnter, onBack }: SecondFactorStepProps) {
  usePageTitle('Second lock')
  const giveUp = useMutation({ mutationFn: giveUpSecondFactor, onSettled: onBack })
  return (
    <DoorFrame title="One more lock" lead="Your password was right. Now show that it is really you.">
      <div className={doorCard}>
        <ProofForm
          methods={needed.secondFactor.methods}
          onProve={(proof) => session.signIn('/api/auth/second-factor', proof).then(onEnter)}
          passkeyOptions={passkeySecondFactorOptions}
          yes="Sign in"
        />
        <Button look="plain" isBusy={giveUp.isPending} onClick={() => giveUp.mutate()}>
          Start again
        </Button>
      </div>
    </DoorFrame>
  )
}
