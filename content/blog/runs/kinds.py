"""The names of the kinds of jobs that runs are made of."""

RUN = "blog.run"
WRITE = "blog.write_post"
QUEUE = "blog"
