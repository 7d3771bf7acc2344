/** Finding what can be played: how quickly names are read. */
import { measureParser } from './parser.ts'

measureParser()
