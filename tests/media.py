"""Small real recordings and pictures, made with the same libraries that browsers use."""

import io
from fractions import Fraction
from functools import cache
from typing import Any

import av


@cache
def webm(seconds: int = 2, *, frames_per_second: int = 10, width: int = 64, height: int = 48) -> bytes:
    """VP8 video as MediaRecorder writes it: without a duration and without an index."""
    target = io.BytesIO()
    with av.open(target, "w", format="webm", options={"live": "1"}) as container:
        stream = container.add_stream("libvpx", rate=frames_per_second)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"deadline": "realtime", "cpu-used": "16"}
        for number in range(seconds * frames_per_second):
            for packet in stream.encode(frame(number, width=width, height=height)):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return target.getvalue()


@cache
def mp4(seconds: int = 2, *, frames_per_second: int = 10) -> bytes:
    """H.264 video as Safari writes it: fragmented."""
    target = io.BytesIO()
    options = {"movflags": "frag_keyframe+empty_moov"}
    with av.open(target, "w", format="mp4", options=options) as container:
        stream = container.add_stream("libx264", rate=frames_per_second)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(seconds * frames_per_second):
            for packet in stream.encode(frame(number, width=64, height=48)):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return target.getvalue()


@cache
def picture(codec: str = "mjpeg", *, width: int = 64, height: int = 48) -> bytes:
    """A JPEG, or a PNG when `codec` is png."""
    encoder: Any = av.CodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.time_base = width, height, Fraction(1, 10)
    encoder.pix_fmt = "yuvj420p" if codec == "mjpeg" else "rgb24"
    still = frame(3, width=width, height=height).reformat(format=encoder.pix_fmt)
    return b"".join(bytes(packet) for packet in [*encoder.encode(still), *encoder.encode(None)])


def frame(number: int, *, width: int, height: int) -> av.VideoFrame:
    """A grey that changes from frame to frame."""
    made = av.VideoFrame(width, height, "yuv420p")
    for plane in made.planes:
        plane.update(bytes([(number * 7) % 255]) * plane.buffer_size)
    made.pts = number
    return made
