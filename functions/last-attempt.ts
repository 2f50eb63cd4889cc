/** The delivery at which a message that still fails is buried with its reason. Below five, throttling alone would bury messages. */
export const LAST_ATTEMPT = 5;
