// How a hub asks a witness for its cosignature, whatever the way there is.

/** What a witness answered to a checkpoint (C2SP tlog-witness). */
export interface WitnessReply {
  readonly status: number;
  readonly body: string;
}

export interface Witness {
  readonly name: string;
  /** @throws Error when it cannot be reached in time */
  readonly addCheckpoint: (body: string) => Promise<WitnessReply>;
}
