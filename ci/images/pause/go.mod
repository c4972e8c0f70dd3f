module tl-engine.invalid/ci/images/pause

go 1.26.0
