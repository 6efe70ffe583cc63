#!/usr/bin/env bash
# Makes the sounds of packages/server/prompts: tones by sox, announcements from texts.tsv by espeak-ng.
# Needs espeak-ng, sox, ffmpeg and opusenc (Debian: apt-get install espeak-ng sox ffmpeg opus-tools).
set -euo pipefail
cd "$(dirname "$0")/../packages/server/prompts"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# Integrated loudness in LUFS (EBU R 128): speech as loud as a person in a call, tones softer.
SPEECH_LUFS=-21
HOLD_LUFS=-27
RINGBACK_LUFS=-24

# The same bytes in every run: no dither, no random seed.
sox() { command sox -R -D "$@"; }

loudness() {
  ffmpeg -nostdin -hide_banner -nostats -i "$1" -af ebur128 -f null - 2>&1 |
    awk '$1 == "I:" { lufs = $2 } END { print lufs }'
}

# level IN OUT LUFS: makes all of a kind equally loud; fails where that would clip.
level() {
  local gain
  gain="$(awk "BEGIN { print $3 - ($(loudness "$1")) }")"
  sox "$1" -b 16 "$2" gain "$gain" 2>"$work/warnings"
  if grep -q clipped "$work/warnings"; then cat "$work/warnings" >&2 && return 1; fi
}

# encode IN OUT KBIT: one channel, frames of 20 ms, nothing in the file that differs from run to run.
encode() {
  opusenc --quiet --bitrate "$3" --framesize 20 --downmix-mono --serial 1 \
    --discard-comments --discard-pictures "$1" "$2"
}

# note FREQUENCY OUT: a soft bell, its octave dying away sooner.
note() {
  sox -n -r 48000 -c 1 "$work/ground.wav" synth 1.6 sine "$1" fade l 0.006 1.6 1.58
  sox -n -r 48000 -c 1 "$work/octave.wav" synth 0.5 sine "$(awk "BEGIN { print 2 * $1 }")" \
    fade l 0.004 0.5 0.49
  sox -m -v 0.8 "$work/ground.wav" -v 0.15 "$work/octave.wav" "$2"
}

# Three falling notes of a major chord, every four seconds.
hold() {
  note 783.99 "$work/g.wav"
  note 659.26 "$work/e.wav"
  note 523.25 "$work/c.wav"
  sox "$work/g.wav" "$work/1.wav" pad 0.10
  sox "$work/e.wav" "$work/2.wav" pad 0.45
  sox "$work/c.wav" "$work/3.wav" pad 0.80
  sox -m "$work/1.wav" "$work/2.wav" "$work/3.wav" "$work/chord.wav" gain -n -12 pad 0 1.6
  level "$work/chord.wav" "$work/hold.wav" "$HOLD_LUFS"
  encode "$work/hold.wav" hold.opus 32
}

# 425 Hz, one second on, four off: China's, and that of most of Europe (ITU-T E.180, supplement 2).
ringback() {
  sox -n -r 48000 -c 1 "$work/tone.wav" synth 1 sine 425 fade h 0.01 1 0.01 gain -12 pad 0.1 3.9
  level "$work/tone.wav" "$work/ringback.wav" "$RINGBACK_LUFS"
  encode "$work/ringback.wav" ringback.opus 24
}

# say PROMPT LANGUAGE TEXT: a fifth of a second of silence before it, and a little more after.
say() {
  local voice=en-us
  # Chinese is given in pinyin: without a dictionary of its own espeak-ng spells characters in English.
  if [ "$2" = zh ]; then voice=cmn-latn-pinyin; fi
  espeak-ng -v "$voice+f3" -s 160 -p 45 -w "$work/said.wav" "$3"
  sox "$work/said.wav" -r 48000 -c 1 "$work/clean.wav" highpass 120 \
    silence 1 0.01 0.5% fade h 0.01 \
    reverse silence 1 0.01 0.5% fade h 0.01 reverse gain -n -12
  level "$work/clean.wav" "$work/even.wav" "$SPEECH_LUFS"
  sox "$work/even.wav" "$work/spoken.wav" pad 0.2 0.3
  mkdir -p "$2"
  encode "$work/spoken.wav" "$2/$1.opus" 32
}

hold
ringback
tail -n +2 texts.tsv | while IFS=$'\t' read -r prompt language text pronounced; do
  say "$prompt" "$language" "${pronounced:-$text}"
done
