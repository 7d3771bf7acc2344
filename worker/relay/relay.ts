/** The Durable Object where a viewer's request waits for an agent's answer. */
import { DurableObject } from 'cloudflare:workers'

export class Relay extends DurableObject {}
