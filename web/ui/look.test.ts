import { expect, it } from 'vitest'
import { readLook } from './look.ts'

it.each([
  [null, 'night'],
  ['paper', 'paper'],
  ['device', 'device'],
  ['<script>', 'night'],
])('reads %j as %s', (kept, look) => expect(readLook({ getItem: () => kept })).toBe(look))
