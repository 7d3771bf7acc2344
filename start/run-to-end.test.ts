import { expect, it } from 'vitest'
import { PlainError } from './plain-error.ts'
import { runToEnd } from './run-to-end.ts'

it('gives back what the command printed', async () => {
  expect(await runToEnd('sh', ['-c', 'echo built; cat'], { failure: 'no', input: 'in' })).toBe('built\nin')
})

it('says what failed, in our words and then in the command’s own', async () => {
  const failing = runToEnd('sh', ['-c', 'echo "unexpected token in app.tsx" >&2; exit 3'], {
    failure: 'The web app could not be built. Run `npm run check`.',
  })
  await expect(failing).rejects.toThrow(PlainError)
  await expect(failing).rejects.toThrow(/^The web app could not be built\. Run `npm run check`\.\n.*unexpected token/)
})

it('says so when the command itself is not there', async () => {
  await expect(runToEnd('no-such-program-here', [], { failure: 'It failed.' })).rejects.toThrow(
    /^It failed\.\n.*ENOENT/,
  )
})

it('does not mind a command that ends before it has read what it is given', async () => {
  expect(await runToEnd('sh', ['-c', 'exec <&-; echo done'], { failure: 'no', input: 'x'.repeat(1e6) })).toBe('done\n')
})
