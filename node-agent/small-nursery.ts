/** Keeps the part of V8's heap where objects begin their life as small as it starts. */
import { setFlagsFromString } from 'node:v8'

/**
 * V8 lets it grow to 128 MiB when much happens at once, and hardly ever shrinks it: with twenty viewers that is a third
 * of all the memory that the agent takes, for no speed that could be measured. The growth factor is read each time it
 * would grow, so it can be set here, for whoever starts the agent in whatever way; `--max-semi-space-size` is read only
 * when Node begins. Call it first.
 */
export function keepNurserySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
