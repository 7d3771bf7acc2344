/** Shown on plain http beyond localhost, where the browser withholds what a sign-in needs: why, and what to do. */
import { DoorFrame, doorCard } from './door-frame.tsx'

export function InsecurePage() {
  const { host, port } = location
  return (
    <DoorFrame
      title="This address is not private"
      lead="Anyone on the way could read your password here, so the browser does not let Porchlight sign you in."
      isLit={false}
    >
      <div className={doorCard}>
        <p className="font-semibold">Do one of these instead:</p>
        <ol className="flex list-decimal flex-col gap-3 ps-5 text-quiet marker:text-lamp">
          <li>
            On the computer that runs Porchlight, open{' '}
            <code className="text-ink">http://localhost{port && `:${port}`}</code>.
          </li>
          <li>
            For phones and other computers at home, stop it and start it with{' '}
            <code className="text-ink">npm start -- --lan</code>. It then prints an address that begins with https.
          </li>
          <li>
            If you have that address already, open it. It may be <code className="text-ink">https://{host}</code>.
          </li>
        </ol>
      </div>
    </DoorFrame>
  )
}
